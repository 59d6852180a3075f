package io.sharedinference.chart;

/** A chart cannot be rendered or a release cannot be read. The message is Helm's, or ours if Helm did not run. */
public final class ChartException extends RuntimeException {

    ChartException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage()); // never null
    }
}

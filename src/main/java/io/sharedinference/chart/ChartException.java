package io.sharedinference.chart;

/** A chart that can't be rendered or a release that can't be read, in Helm's words, or in ours where Helm didn't run. */
public final class ChartException extends Exception {

    ChartException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage()); // never null: each has one
    }
}

package io.sharedinference.usage;

/** @param requests requests to models, including failed ones; 0 where they are not counted, per user */
public record Amount(long input, long output, long requests) {

    public static final Amount ZERO = new Amount(0, 0, 0);

    public Amount plus(Amount other) {
        return new Amount(input + other.input, output + other.output, requests + other.requests);
    }

    public long tokens() {
        return input + output;
    }
}

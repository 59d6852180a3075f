package io.sharedinference.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A failed step, with the report of the steps before it. */
final class StepException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ObjectNode report;
    private final RuntimeException failure;

    StepException(RuntimeException failure, ObjectNode report) {
        super(failure);
        this.report = report;
        this.failure = failure;
    }

    RuntimeException failure() {
        return failure;
    }

    ObjectNode report() {
        return report;
    }
}

package io.sharedinference.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A step that failed, with what was done before it. */
final class StepFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ObjectNode report;

    StepFailure(RuntimeException failure, ObjectNode report) {
        super(failure);
        this.report = report;
    }

    Exception failure() {
        return (Exception) getCause();
    }

    ObjectNode report() {
        return report;
    }
}

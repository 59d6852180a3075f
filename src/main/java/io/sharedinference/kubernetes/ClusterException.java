package io.sharedinference.kubernetes;

/** A failed request to a cluster. The message states the cause and the fix. */
public final class ClusterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String problem;

    ClusterException(String problem, String fix) {
        super(problem + "\nFix: " + fix);
        this.problem = problem;
    }

    ClusterException(String problem, String fix, Throwable cause) {
        super(problem + "\nFix: " + fix, cause);
        this.problem = problem;
    }

    /** The message without the fix. */
    String problem() {
        return problem;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage()); // never null: each has one
    }
}

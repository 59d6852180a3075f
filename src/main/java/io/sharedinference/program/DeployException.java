package io.sharedinference.program;

import com.pulumi.exceptions.RunException;

/** A deployment that can't go on; the message says why and what to do. The engine prints it without a stack trace. */
public final class DeployException extends RunException {

    public DeployException(String message) {
        super(message);
    }
}

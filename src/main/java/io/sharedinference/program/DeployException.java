package io.sharedinference.program;

import com.pulumi.exceptions.RunException;

/** A failed deployment; the message states the cause and the fix. The engine prints it without a stack trace. */
public final class DeployException extends RunException {

    public DeployException(String message) {
        super(message);
    }
}

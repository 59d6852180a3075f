package io.sharedinference.image;

import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.registry.RegistryCredentialsNotSentException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;

/** The one place where a failure of Jib or of a registry gets its remedy. */
final class Failures {

    private Failures() {}

    static ImageException of(String action, Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return new ImageException(action + " failed: " + reason(cause) + " " + remedy(cause), failure);
    }

    private static String reason(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return "its host has no address (" + cause.getMessage() + ").";
        }
        if (cause instanceof RegistryUnauthorizedException refused) {
            return refused.getImageReference() + " is refused by its registry.";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() + "." : cause.getMessage() + ".";
    }

    private static String remedy(Throwable cause) {
        if (cause instanceof RegistryCredentialsNotSentException) {
            return "Credentials aren't sent over plain HTTP: give the registry TLS, or let it be used without a login.";
        }
        if (cause instanceof RegistryUnauthorizedException) {
            return "Set proxyRegistryUsername and proxyRegistryPassword, or run docker login; the account has to be"
                    + " allowed to pull the base image and to push to proxyImageRepository.";
        }
        if (cause instanceof InsecureRegistryException || cause instanceof SSLException) {
            return "If this registry has no TLS or a certificate that this machine doesn't trust, set"
                    + " proxyRegistryInsecure to true; better, add its CA to the JDK's trust store.";
        }
        if (cause instanceof ConnectException
                || cause instanceof SocketTimeoutException
                || cause instanceof UnknownHostException) {
            return "Look at the registry's name and port in proxyImage, proxyImageRepository and proxyBaseImage, and"
                    + " whether it runs and can be reached from this machine.";
        }
        return cause instanceof IOException
                ? "Look whether the registry works, and whether this machine's disk has space."
                : "Look at proxyImage, proxyImageRepository and proxyBaseImage.";
    }
}

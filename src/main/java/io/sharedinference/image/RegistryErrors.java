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

/** Translates failures of Jib and of registries to messages with a fix. */
final class RegistryErrors {

    private RegistryErrors() {}

    static ImageException translate(String action, Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return new ImageException(action + " failed: " + reason(cause) + ".", remedy(cause), failure);
    }

    private static String reason(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return "unknown host " + cause.getMessage();
        }
        if (cause instanceof RegistryUnauthorizedException refused) {
            return "access to " + refused.getImageReference() + " denied by its registry";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String remedy(Throwable cause) {
        if (cause instanceof RegistryCredentialsNotSentException) {
            return "enable TLS for the registry, or allow anonymous access: credentials are not sent over plain HTTP.";
        }
        if (cause instanceof RegistryUnauthorizedException) {
            return "set proxyRegistryUsername and proxyRegistryPassword, or run docker login, with an account that can"
                    + " pull the base image and push to proxyImageRepository.";
        }
        if (cause instanceof InsecureRegistryException || cause instanceof SSLException) {
            return "add the registry's CA to the JDK's trust store, or set proxyRegistryInsecure to true to allow plain"
                    + " HTTP and untrusted certificates.";
        }
        if (cause instanceof ConnectException
                || cause instanceof SocketTimeoutException
                || cause instanceof UnknownHostException) {
            return "check the registry's host and port in proxyImage, proxyImageRepository, proxyBaseImage and"
                    + " proxyJavaBaseImage, and that it is running and reachable from this machine.";
        }
        return cause instanceof IOException
                ? "check the registry, and the free disk space of this machine."
                : "check proxyImage, proxyImageRepository, proxyBaseImage and proxyJavaBaseImage.";
    }
}

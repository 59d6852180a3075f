package io.sharedinference.image;

import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.registry.RegistryCredentialsNotSentException;
import io.sharedinference.project.Key;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;

/** Translates failures of Jib and of registries to messages with a fix. */
final class RegistryErrors {

    private static final String IMAGE_KEYS = "%s, %s, %s and %s"
            .formatted(
                    Key.PROXY_IMAGE.key(),
                    Key.PROXY_IMAGE_REPOSITORY.key(),
                    Key.PROXY_BASE_IMAGE.key(),
                    Key.PROXY_JAVA_BASE_IMAGE.key());

    private RegistryErrors() {}

    static ImageException translate(String action, Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return new ImageException(action + " failed: " + reason(cause) + ".", fix(cause), failure);
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

    private static String fix(Throwable cause) {
        if (cause instanceof RegistryCredentialsNotSentException) {
            return "enable TLS for the registry, or allow anonymous access: credentials are not sent over plain HTTP.";
        }
        if (cause instanceof RegistryUnauthorizedException) {
            return "set " + Key.PROXY_REGISTRY_USERNAME.key() + " and " + Key.PROXY_REGISTRY_PASSWORD.key()
                    + ", or run docker login, with an account that can pull the base image and push to "
                    + Key.PROXY_IMAGE_REPOSITORY.key() + ".";
        }
        if (cause instanceof InsecureRegistryException || cause instanceof SSLException) {
            return "add the registry's CA to the JDK's trust store, or set " + Key.PROXY_REGISTRY_INSECURE.key()
                    + " to true to allow plain HTTP and untrusted certificates.";
        }
        if (cause instanceof ConnectException
                || cause instanceof SocketTimeoutException
                || cause instanceof UnknownHostException) {
            return "check the registry's host and port in " + IMAGE_KEYS
                    + ", and that it is running and reachable from this machine.";
        }
        return cause instanceof IOException
                ? "check the registry, and the free disk space of this machine."
                : "check " + IMAGE_KEYS + ".";
    }
}

package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** The cause of a failed request in one line, with a fix. The client's own message is "Operation: [list] for kind ...". */
record RequestFailure(String context, Exception exception) {

    ClusterException toException() {
        return new ClusterException(
                "request to the cluster of context " + context + " failed: " + line(cause()) + ".", fix(), exception);
    }

    private String cause() {
        return switch (code()) {
            case 0 -> connection();
            case 401 -> "401 Unauthorized, the credentials are invalid or expired";
            default -> code() + " " + status().orElse("without a message");
        };
    }

    private String fix() {
        var kubectl = "kubectl --context " + context;
        return switch (code()) {
            case 0 -> "check server, network and certificates of this context with " + kubectl + " get namespaces.";
            case 401 -> "log in again, then check with " + kubectl + " auth whoami.";
            case 403 -> "grant this permission, then check it with " + kubectl + " auth can-i --list.";
            default -> "check the API server with " + kubectl + " get --raw /readyz.";
        };
    }

    /** Zero without a response. */
    private int code() {
        return exception instanceof KubernetesClientException refused ? Math.max(0, refused.getCode()) : 0;
    }

    /** The server's message, which names verb and resource of a 403; else its reason. */
    private Optional<String> status() {
        return Optional.of(exception)
                .filter(KubernetesClientException.class::isInstance)
                .map(refused -> ((KubernetesClientException) refused).getStatus())
                .flatMap(status ->
                        Optional.ofNullable(status.getMessage()).or(() -> Optional.ofNullable(status.getReason())));
    }

    /** Socket errors as curl and kubectl describe them. */
    private String connection() {
        var message = String.valueOf(root().getMessage());
        if (has(UnknownHostException.class)) {
            return "unknown host " + message.replaceFirst(":.*", "");
        }
        if (has(SSLException.class)) {
            return "TLS certificate not accepted, " + message;
        }
        if (has(InterruptedIOException.class)) {
            return "no response in time, " + message;
        }
        return has(ConnectException.class)
                ? chain().filter(ConnectException.class::isInstance)
                        .map(Throwable::getMessage)
                        .reduce((outer, inner) -> outer + ", " + inner)
                        .orElse(message)
                : message;
    }

    private boolean has(Class<? extends Throwable> type) {
        return chain().anyMatch(type::isInstance);
    }

    private Throwable root() {
        return chain().reduce((outer, inner) -> inner).orElse(exception);
    }

    private Stream<Throwable> chain() {
        return Stream.iterate((Throwable) exception, cause -> cause != null, Throwable::getCause);
    }

    private static String line(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ").replaceFirst("[.\\s]+$", "");
    }
}

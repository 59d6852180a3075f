package io.sharedinference.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What commands that call an API over TLS understand. */
final class TrustOption {

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "CA certificates to trust in addition to the JDK's, in PEM")
    private Optional<Path> cacert;

    Optional<Path> cacert() {
        return cacert;
    }
}

package io.sharedinference.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option of commands that call an API over TLS. */
final class CacertOption {

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "CA certificates to trust in addition to the JDK's, in PEM")
    private Optional<Path> cacert;

    Optional<Path> cacert() {
        return cacert;
    }
}

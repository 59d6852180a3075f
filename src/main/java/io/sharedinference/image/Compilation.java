package io.sharedinference.image;

import java.io.IOException;
import java.nio.file.Path;

/** Compiles the proxy's sources to the content of its image. */
interface Compilation {

    /**
     * @param directory empty working directory for this call
     * @return directory with the Java runtime in {@code jre} and the proxy with its start files in {@code app}
     */
    Path compile(ProxySources sources, Path directory) throws IOException, InterruptedException;
}

package io.sharedinference.image;

import java.io.IOException;
import java.nio.file.Path;

/** Turns the proxy's sources into what its image holds. */
interface Compilation {

    /**
     * @param directory empty; its own, and this call's alone
     * @return the folder with the Java runtime in {@code jre}, and in {@code app} the proxy with all that it is started with
     */
    Path compile(ProxySources sources, Path directory) throws IOException, InterruptedException;
}

package io.sharedinference.image;

import java.io.IOException;
import java.nio.file.Path;

/** Turns the proxy's sources into jars. */
interface Compilation {

    /**
     * @param directory empty; its own, and this call's alone
     * @return the folder with the proxy's jar, and its libraries in {@code lib}
     */
    Path compile(ProxySources sources, Path directory) throws IOException, InterruptedException;
}

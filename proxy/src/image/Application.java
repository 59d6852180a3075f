import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Creates {@code target/image/app}: the jars, the native libraries, the JVM's options and the bill of materials. When run
 * directly, which requires Java 17 but no JDK 25, it includes the native libraries of all platforms, for an image on a base
 * image with Java. Arguments: the build's target directory, and the directory of this file. Run by Maven with
 * {@code -Dimage.skip=false -Dimage.runtime=provided}.
 */
final class Application {
    static final String JAR = "inference-api-proxy.jar";

    private final Path target;
    private final Path settings;
    private final Path app;

    Application(Path target, Path settings) {
        this.target = target;
        this.settings = settings;
        this.app = target.resolve("image/app");
    }

    public static void main(String[] arguments) throws IOException {
        new Application(Path.of(arguments[0]), Path.of(arguments[1])).layOut(List.of("x86_64", "aarch_64"));
    }

    /** @param architectures of the native libraries, as Netty names them */
    void layOut(List<String> architectures) throws IOException {
        clear();
        Files.createDirectories(app.resolve("lib"));
        Files.copy(target.resolve(JAR), app.resolve(JAR));
        Files.copy(target.resolve("inference-api-proxy.cdx.json"), app.resolve("inference-api-proxy.cdx.json"));
        Files.copy(settings.resolve("jvm.options"), app.resolve("jvm.options"));
        try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                if (jar.getFileName().toString().matches(".*native-(epoll|io_uring).*")) {
                    nativeLibraries(jar, architectures);
                } else {
                    Files.copy(jar, app.resolve("lib").resolve(jar.getFileName()));
                }
            }
        }
    }

    /** Otherwise Netty extracts it into /tmp, and falls back to NIO if that is not writable or is mounted noexec. */
    private void nativeLibraries(Path jar, List<String> architectures) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            for (String transport : List.of("epoll", "io_uring42")) {
                for (String architecture : architectures) {
                    Path library = zip.getPath(
                            "META-INF/native/libnetty_transport_native_" + transport + "_" + architecture + ".so");
                    if (Files.exists(library)) {
                        Files.copy(
                                library,
                                app.resolve(library.getFileName().toString()),
                                StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    private void clear() throws IOException {
        if (Files.exists(app.getParent())) {
            try (Stream<Path> tree = Files.walk(app.getParent())) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lays out what the image holds, below {@code target/image}: {@code jre}, and {@code app} with the jars, the native
 * libraries, the JVM's options and the AOT cache. Arguments: the build's target folder, the folder of this file, a folder
 * that keeps AOT caches, and the runtime: {@code linked} for one with jlink, on the JDK that it comes from, or
 * {@code provided} for that of the base image, without {@code jre} and AOT cache. Run by Maven with
 * {@code -Dimage.skip=false}.
 */
final class Assemble {
    /** Jackson would use them if they were there, for types that aren't in any of our JSON. */
    private static final Set<String> DONE_WITHOUT = Set.of("java.desktop", "java.sql", "java.xml");
    private static final String JAR = "inference-api-proxy.jar";
    /** Jib's time for every file: the JVM refuses a cache whose jars have another time than in training. */
    private static final FileTime TIME = FileTime.fromMillis(1000);

    private final Path target;
    private final Path settings;
    private final Path image;

    private Assemble(Path target, Path settings) {
        this.target = target;
        this.settings = settings;
        this.image = target.resolve("image");
    }

    public static void main(String[] arguments) throws Exception {
        Assemble assembly = new Assemble(Path.of(arguments[0]).toAbsolutePath(), Path.of(arguments[1]));
        assembly.clear();
        switch (arguments[3]) {
            case "linked" -> assembly.linked(Path.of(arguments[2]));
            case "provided" -> assembly.app(List.of("x86_64", "aarch_64"));
            default -> throw new IllegalArgumentException("image.runtime is \"" + arguments[3]
                    + "\": must be linked or provided");
        }
    }

    private void linked(Path caches) throws Exception {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new IllegalStateException("image.runtime is linked: needs Linux, since the runtime is made from this"
                    + " machine's JDK");
        }
        app(List.of(System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64"));
        runtime();
        settleTimes();
        cache(caches);
    }

    private void clear() throws IOException {
        if (Files.exists(image)) {
            for (Path path : tree().reversed()) {
                Files.delete(path);
            }
        }
        Files.createDirectories(image.resolve("app/lib"));
    }

    private void app(List<String> architectures) throws IOException {
        Path app = image.resolve("app");
        Files.copy(target.resolve(JAR), app.resolve(JAR));
        Files.copy(target.resolve("inference-api-proxy.cdx.json"), app.resolve("inference-api-proxy.cdx.json"));
        Files.copy(settings.resolve("jvm.options"), app.resolve("jvm.options"));
        try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                if (jar.getFileName().toString().matches(".*native-(epoll|io_uring).*")) {
                    nativeLibraries(jar, app, architectures);
                } else {
                    Files.copy(jar, app.resolve("lib").resolve(jar.getFileName()));
                }
            }
        }
    }

    /** Netty unpacks it into /tmp otherwise, and falls back to NIO where that can't be written to or run from. */
    private static void nativeLibraries(Path jar, Path app, List<String> architectures) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            for (String transport : List.of("epoll", "io_uring42")) {
                for (String architecture : architectures) {
                    Path library = zip.getPath(
                            "META-INF/native/libnetty_transport_native_" + transport + "_" + architecture + ".so");
                    if (Files.exists(library)) {
                        Files.copy(library, app.resolve(library.getFileName().toString()),
                                StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    /** Not compressed: the layer is, as a whole, and so becomes smaller than one of compressed classes. */
    private void runtime() throws IOException {
        tool("jlink", "--add-modules", String.join(",", modules()), "--output", image.resolve("jre").toString(),
                "--strip-debug", "--no-header-files", "--no-man-pages", "--compress", "zip-0");
    }

    private Set<String> modules() throws IOException {
        Set<String> modules = new TreeSet<>();
        String found = tool("jdeps", "--list-deps", "--ignore-missing-deps", "--recursive", "--multi-release", "25",
                "--class-path", libraries(), target.resolve(JAR).toString());
        found.lines().map(line -> line.strip().split("/")[0]).filter(name -> !name.isEmpty()).forEach(modules::add);
        modules.removeAll(DONE_WITHOUT);
        return modules;
    }

    private String libraries() throws IOException {
        try (Stream<Path> jars = Files.list(image.resolve("app/lib"))) {
            return jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
        }
    }

    private void settleTimes() throws IOException {
        for (Path path : tree()) {
            Files.setLastModifiedTime(path, TIME);
        }
    }

    /** The JVM writes another one each time, so one that fits is used again: equal files give an equal image. */
    private void cache(Path kept) throws Exception {
        Path cache = image.resolve("app/proxy.aot");
        Path known = Files.createDirectories(kept).resolve(fingerprint() + ".aot");
        if (!Files.exists(known)) {
            Path fresh = Files.createTempFile(kept, "fresh", ".aot");
            try {
                new Rehearsal(image, target.resolve("rehearsal")).writeCache(fresh);
                Files.move(fresh, known, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
        Files.copy(known, cache);
        Files.setLastModifiedTime(cache, TIME);
    }

    private String fingerprint() throws Exception {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        for (Path file : tree()) {
            hash.update((image.relativize(file) + "\n").getBytes(StandardCharsets.UTF_8));
            if (Files.isRegularFile(file)) {
                hash.update(Files.readAllBytes(file));
            }
        }
        for (String source : List.of("Assemble.java", "Rehearsal.java")) {
            hash.update(Files.readAllBytes(settings.resolve(source)));
        }
        return HexFormat.of().formatHex(hash.digest()).substring(0, 32);
    }

    private List<Path> tree() throws IOException {
        try (Stream<Path> tree = Files.walk(image)) {
            return tree.sorted(Comparator.naturalOrder()).toList();
        }
    }

    private static String tool(String name, String... arguments) {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output);
        int exit = ToolProvider.findFirst(name).orElseThrow().run(writer, writer, arguments);
        if (exit != 0) {
            throw new IllegalStateException(name + " failed: " + output);
        }
        return output.toString();
    }
}

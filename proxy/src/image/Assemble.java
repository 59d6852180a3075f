import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Creates the files of an image with a linked runtime in {@code target/image}: {@code app}, with an AOT cache, and
 * {@code jre}, linked with jlink from the JDK that it runs on. Arguments: the build's target directory, the directory of this file, and
 * a directory that keeps AOT caches. Run by Maven with {@code -Dimage.skip=false}.
 */
final class Assemble {
    /** Modules that Jackson uses if they exist, for types that no JSON of the proxy contains. */
    private static final Set<String> DONE_WITHOUT = Set.of("java.desktop", "java.sql", "java.xml");
    /** Jib's time for every file: the JVM rejects a cache if the jars had another time during training. */
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
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new IllegalStateException(
                    "image.runtime is linked: needs Linux, since the runtime is made from this" + " machine's JDK");
        }
        Path target = Path.of(arguments[0]).toAbsolutePath();
        Path settings = Path.of(arguments[1]);
        new Application(target, settings)
                .layOut(List.of(System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64"));
        Assemble assembly = new Assemble(target, settings);
        assembly.runtime();
        assembly.settleTimes();
        assembly.cache(Path.of(arguments[2]));
    }

    /** Not compressed, since the compressed layer is then smaller than with compressed classes. */
    private void runtime() throws IOException {
        tool(
                "jlink",
                "--add-modules",
                String.join(",", modules()),
                "--output",
                image.resolve("jre").toString(),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--compress",
                "zip-0");
    }

    private Set<String> modules() throws IOException {
        Set<String> modules = new TreeSet<>();
        String found = tool(
                "jdeps",
                "--list-deps",
                "--ignore-missing-deps",
                "--recursive",
                "--multi-release",
                "25",
                "--class-path",
                libraries(),
                target.resolve(Application.JAR).toString());
        found.lines()
                .map(line -> line.strip().split("/")[0])
                .filter(name -> !name.isEmpty())
                .forEach(modules::add);
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

    /** The JVM never writes the same cache twice, so a matching one is reused: equal files give an equal image. */
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
        for (String source : List.of("Application.java", "Assemble.java", "Rehearsal.java")) {
            hash.update(Files.readAllBytes(settings.resolve(source)));
        }
        return HexFormat.of().formatHex(hash.digest()).substring(0, 32);
    }

    private List<Path> tree() throws IOException {
        try (Stream<Path> tree = Files.walk(image)) {
            return tree.sorted().toList();
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

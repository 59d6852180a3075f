package io.sharedinference.proxy;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The proxy's packages use each other as docs/architecture.md says. Class files do not show the use of constants. */
class ArchitectureTest {
    private static final String ROOT = "io.sharedinference.proxy.";
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z]+)` \\|[^|]*\\| ([^|]*) \\|$", Pattern.MULTILINE);
    private static final Pattern NETTY_CHANNELS = Pattern.compile("io\\.netty\\.(?!buffer|util).*");

    private final JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void packagesUseWhatTheArchitecturePageAllows() throws IOException {
        assertEquals(allowed(), used());
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + "(*)").should().beFreeOfCycles().check(classes);
    }

    /** A connection owns its exchanges, and an exchange its response: none of them refers to its owner. */
    @Test
    void classesOfTheRelayHaveNoCycles() {
        slices().assignedFrom(new ClassesOf(ROOT + "relay"))
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void theCodecDoesNotUseChannels() {
        assertEquals(
                Set.of(),
                classes.stream()
                        .filter(type -> type.getPackageName().equals(ROOT + "http"))
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(dependency -> dependency.getTargetClass().getName())
                        .filter(name -> NETTY_CHANNELS.matcher(name).matches())
                        .collect(Collectors.toSet()));
    }

    private static SortedMap<String, Set<String>> allowed() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "architecture.md"));
        String section = page.split("## Packages of the proxy", 2)[1].split("\n## ", 2)[0];
        SortedMap<String, Set<String>> packages = new TreeMap<>();
        ROW.matcher(section).results().forEach(row -> packages.put(row.group(1), names(row.group(2))));
        return packages;
    }

    private static Set<String> names(String cell) {
        return Arrays.stream(cell.replaceAll("[`–]", "").split(", "))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private SortedMap<String, Set<String>> used() {
        SortedMap<String, Set<String>> packages = new TreeMap<>();
        classes.stream()
                .filter(type -> type.getPackageName().startsWith(ROOT))
                .forEach(type -> packages.computeIfAbsent(packageOf(type), name -> new TreeSet<>())
                        .addAll(usedBy(type)));
        return packages;
    }

    private static Set<String> usedBy(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .filter(target -> target.getPackageName().startsWith(ROOT))
                .map(ArchitectureTest::packageOf)
                .filter(other -> !other.equals(packageOf(type)))
                .collect(Collectors.toSet());
    }

    private static String packageOf(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }

    /** Nested classes belong to the class around them. */
    private record ClassesOf(String name) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().equals(name)
                    ? SliceIdentifier.of(type.getFullName().replaceAll("\\$.*", ""))
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "classes of " + name;
        }
    }
}

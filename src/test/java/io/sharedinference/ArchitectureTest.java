package io.sharedinference;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The deployer's packages use each other as docs/architecture.md allows. Class files do not show the use of constants. */
class ArchitectureTest {

    private static final String ROOT = "io.sharedinference.";
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z]+)` \\|[^|]*\\| ([^|]*) \\|$", Pattern.MULTILINE);

    private final JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void packagesUseWhatTheArchitecturePageAllows() throws IOException {
        var allowed = allowed();
        var used = used();
        assertEquals(allowed.keySet(), used.keySet());
        used.forEach((name, others) ->
                others.forEach(other -> assertTrue(allowed.get(name).contains(other), name + " may not use " + other)));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.sharedinference.(*)").should().beFreeOfCycles().check(classes);
    }

    private static SortedMap<String, Set<String>> allowed() throws IOException {
        var packages = new TreeMap<String, Set<String>>();
        var page = Files.readString(Path.of("docs", "architecture.md"));
        ROW.matcher(page.split("## Packages of the deployer", 2)[1].split("\n## ", 2)[0])
                .results()
                .forEach(row -> packages.put(
                        row.group(1), Set.of(row.group(2).replaceAll("[`–]", "").split(", "))));
        return packages;
    }

    private SortedMap<String, Set<String>> used() {
        var packages = new TreeMap<String, Set<String>>();
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
}

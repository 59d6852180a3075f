package io.sharedinference.review;

import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.TenantConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which stacks a change affects.
 *
 * @param shared  those that others refer to; they go first, one after the other
 * @param tenants all others that there are
 * @param removed stacks whose file the change removes
 */
public record AffectedStacks(List<String> shared, List<String> tenants, List<String> removed) {

    private static final List<String> PROGRAM = List.of("src/main", "proxy", "pom.xml", ".mvn", "mvnw", "mvnw.cmd");

    public AffectedStacks {
        shared = List.copyOf(shared);
        tenants = List.copyOf(tenants);
        removed = List.copyOf(removed);
    }

    /** The ones that there are, in the order in which they are deployed. */
    public List<String> present() {
        return Stream.concat(shared.stream(), tenants.stream()).toList();
    }

    /** Those and the removed ones. */
    public List<String> all() {
        return Stream.concat(present().stream(), removed.stream()).toList();
    }

    /**
     * A stack's own file, and a file that it names, affects that stack and those that refer to it; the program affects all.
     * Where that can't be told, a stack is named: one that can't be read may name any file.
     *
     * @param stacks   names of those that have a file, readable or not
     * @param configs  of the stacks that are readable
     * @param project  where the stack files are
     * @param checkout where the program is, and where relative paths in stack files begin
     */
    public static AffectedStacks of(
            ChangedFiles changed, List<String> stacks, Map<String, StackConfig> configs, Path project, Path checkout) {
        var program = changed.touch(SourcePaths.of(
                Stream.concat(PROGRAM.stream().map(checkout::resolve), Stream.of(project.resolve("Pulumi.yaml")))
                        .toList()));
        var own = stacks.stream()
                .filter(stack -> program
                        || changed.touch(SourcePaths.of(List.of(project.resolve(file(stack)))))
                        || changed.any()
                                && Optional.ofNullable(configs.get(stack))
                                        .map(config -> changed.touch(SourcePaths.of(named(config, checkout))))
                                        .orElse(true))
                .collect(Collectors.toCollection(TreeSet::new));
        var all = new TreeSet<>(own);
        stacks.stream().filter(stack -> own.contains(reference(configs, stack))).forEach(all::add);
        return split(all, removed(changed, stacks, project), configs);
    }

    private static AffectedStacks split(Set<String> all, List<String> removed, Map<String, StackConfig> configs) {
        var referred = configs.keySet().stream()
                .map(stack -> reference(configs, stack))
                .collect(Collectors.toSet());
        Predicate<String> isShared = stack -> referred.contains(stack) || configs.get(stack) instanceof SharedConfig;
        // what hands a token over reads what the shared stack made
        var shared = all.stream()
                .filter(isShared)
                .sorted(Comparator.comparing(stack -> !(configs.get(stack) instanceof SharedConfig)))
                .toList();
        return new AffectedStacks(shared, all.stream().filter(isShared.negate()).toList(), removed);
    }

    private static List<String> removed(ChangedFiles changed, List<String> stacks, Path project) {
        return changed.paths().stream()
                .filter(path -> path.startsWith(project + "/"))
                .map(path -> path.substring(project.toString().length() + 1))
                .filter(file -> file.matches("Pulumi\\.[\\w.-]+\\.yaml"))
                .map(file -> file.substring("Pulumi.".length(), file.length() - ".yaml".length()))
                .filter(stack -> !stacks.contains(stack))
                .sorted()
                .toList();
    }

    private static List<Path> named(StackConfig config, Path checkout) {
        var files = new ArrayList<Path>();
        config.cluster().kubeconfig().ifPresent(files::add);
        config.installed().ifPresent(installation -> {
            files.addAll(installation.valuesFiles());
            files.add(Path.of(installation.chart().name()));
        });
        return files.stream().map(checkout::resolve).toList();
    }

    /** The plain name of the stack that a tenant takes from; blank for one that takes from none. */
    private static String reference(Map<String, StackConfig> configs, String stack) {
        return configs.get(stack) instanceof TenantConfig tenant
                ? tenant.sharedStack().stack()
                : "";
    }

    private static String file(String stack) {
        return "Pulumi." + stack + ".yaml";
    }
}

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
 * Stacks that a change affects.
 *
 * @param shared  stacks that others refer to; deployed first, one after the other
 * @param tenants all other existing stacks
 * @param removed stacks whose file the change removes
 */
public record AffectedStacks(List<String> shared, List<String> tenants, List<String> removed) {

    private static final List<String> PROGRAM = List.of("src/main", "proxy", "pom.xml", ".mvn", "mvnw", "mvnw.cmd");

    public AffectedStacks {
        shared = List.copyOf(shared);
        tenants = List.copyOf(tenants);
        removed = List.copyOf(removed);
    }

    /** Existing stacks, in the order of deployment. */
    public List<String> present() {
        return Stream.concat(shared.stream(), tenants.stream()).toList();
    }

    /** Existing and removed stacks. */
    public List<String> all() {
        return Stream.concat(present().stream(), removed.stream()).toList();
    }

    /**
     * A stack file, and a file that it refers to, affects its stack and the stacks that refer to it; the program affects all
     * stacks. An invalid stack file may refer to any file, so its stack is affected by every change.
     *
     * @param stacks   names of all stacks with a file
     * @param configs  of the stacks with a valid file
     * @param project  directory of the stack files
     * @param checkout directory of the program, which relative paths in stack files are resolved against
     */
    public static AffectedStacks of(
            ChangedFiles changed, List<String> stacks, Map<String, StackConfig> configs, Path project, Path checkout) {
        var program = changed.touch(SourcePaths.of(
                Stream.concat(PROGRAM.stream().map(checkout::resolve), Stream.of(project.resolve("Pulumi.yaml")))
                        .toList()));
        var changedStacks = stacks.stream()
                .filter(stack -> program
                        || changed.touch(SourcePaths.of(List.of(project.resolve(file(stack)))))
                        || changed.any()
                                && Optional.ofNullable(configs.get(stack))
                                        .map(config -> changed.touch(SourcePaths.of(referencedFiles(config, checkout))))
                                        .orElse(true))
                .collect(Collectors.toCollection(TreeSet::new));
        var all = new TreeSet<>(changedStacks);
        stacks.stream()
                .filter(stack -> changedStacks.contains(reference(configs, stack)))
                .forEach(all::add);
        return split(all, removed(changed, stacks, project), configs);
    }

    private static AffectedStacks split(Set<String> all, List<String> removed, Map<String, StackConfig> configs) {
        var referenced = configs.keySet().stream()
                .map(stack -> reference(configs, stack))
                .collect(Collectors.toSet());
        Predicate<String> isShared = stack -> referenced.contains(stack) || configs.get(stack) instanceof SharedConfig;
        // hand-over stacks read outputs of the shared stack
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

    private static List<Path> referencedFiles(StackConfig config, Path checkout) {
        var files = new ArrayList<Path>();
        config.cluster().kubeconfig().ifPresent(files::add);
        config.installed().ifPresent(installation -> {
            files.addAll(installation.valuesFiles());
            files.add(Path.of(installation.chart().name()));
        });
        return files.stream().map(checkout::resolve).toList();
    }

    /** Name of the stack that a tenant refers to; blank for other stacks. */
    private static String reference(Map<String, StackConfig> configs, String stack) {
        return configs.get(stack) instanceof TenantConfig tenant
                ? tenant.sharedStack().stack()
                : "";
    }

    private static String file(String stack) {
        return "Pulumi." + stack + ".yaml";
    }
}

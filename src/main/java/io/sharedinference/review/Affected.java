package io.sharedinference.review;

import io.sharedinference.config.SharedConfig;
import io.sharedinference.config.StackConfig;
import io.sharedinference.config.StackFiles;
import io.sharedinference.config.TenantConfig;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which stacks a change affects.
 *
 * @param shared  those that others refer to; they go first, one after the other
 * @param tenants all others that there are
 * @param removed stacks whose file the change removes
 */
public record Affected(List<String> shared, List<String> tenants, List<String> removed) {

    private static final List<String> PROGRAM =
            List.of("src/main/", "proxy/", "pom.xml", "Pulumi.yaml", ".mvn/", "mvnw");

    public Affected {
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
     *
     * @param changed  paths of files, relative to {@code checkout}
     * @param stacks   names of those that have a file, readable or not: one with mistakes in it is affected by its file alone
     * @param configs  of the stacks that are readable
     */
    public static Affected by(
            Set<String> changed, List<String> stacks, Map<String, StackConfig> configs, Path checkout) {
        var program = changed.stream().anyMatch(file -> PROGRAM.stream().anyMatch(file::startsWith));
        var own = stacks.stream()
                .filter(stack -> program
                        || changed.contains(file(stack))
                        || configs.containsKey(stack) && names(configs.get(stack), changed, checkout))
                .collect(Collectors.toCollection(TreeSet::new));
        var all = new TreeSet<>(own);
        stacks.stream().filter(stack -> own.contains(reference(configs, stack))).forEach(all::add);
        return split(all, removed(changed, stacks), configs);
    }

    private static Affected split(Set<String> all, List<String> removed, Map<String, StackConfig> configs) {
        var referred = configs.keySet().stream()
                .map(stack -> reference(configs, stack))
                .collect(Collectors.toSet());
        var sharedFirst = all.stream()
                .collect(Collectors.partitioningBy(
                        stack -> referred.contains(stack) || configs.get(stack) instanceof SharedConfig));
        // what hands a token over reads what the shared stack made
        var shared = sharedFirst.get(true).stream()
                .sorted(Comparator.comparing(stack -> !(configs.get(stack) instanceof SharedConfig)))
                .toList();
        return new Affected(shared, sharedFirst.get(false), removed);
    }

    private static List<String> removed(Set<String> changed, List<String> stacks) {
        return changed.stream()
                .filter(file -> file.matches("Pulumi\\.[\\w.-]+\\.yaml"))
                .map(file -> file.substring("Pulumi.".length(), file.length() - ".yaml".length()))
                .filter(stack -> !stacks.contains(stack))
                .sorted()
                .toList();
    }

    private static boolean names(StackConfig config, Set<String> changed, Path checkout) {
        return config.installed()
                .filter(installation -> {
                    var files = installation.valuesFiles().stream().map(file -> relative(file, checkout));
                    var chart = relative(Path.of(installation.chart().name()), checkout) + "/";
                    return files.anyMatch(changed::contains)
                            || changed.stream().anyMatch(file -> file.startsWith(chart));
                })
                .isPresent();
    }

    private static String relative(Path file, Path checkout) {
        var absolute = checkout.resolve(file).normalize();
        return absolute.startsWith(checkout) ? checkout.relativize(absolute).toString() : absolute.toString();
    }

    /** The plain name of the stack that a tenant takes from; blank for one that takes from none. */
    private static String reference(Map<String, StackConfig> configs, String stack) {
        return configs.get(stack) instanceof TenantConfig tenant ? StackFiles.plainName(tenant.sharedStack()) : "";
    }

    private static String file(String stack) {
        return "Pulumi." + stack + ".yaml";
    }
}

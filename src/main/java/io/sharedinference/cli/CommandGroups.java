package io.sharedinference.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;

/** Renders the command list of the top-level help, in groups. */
final class CommandGroups implements IHelpSectionRenderer {

    private record Group(String title, List<String> commands) {}

    private static final List<Group> GROUPS = List.of(
            new Group("Manage tenants", List.of("add", "adopt", "rotate", "repair", "remove")),
            new Group("Inspect tenants", List.of("list", "verify", "usage", "doctor")),
            new Group("Review changes", List.of("check", "render", "preview", "affected", "comment")));

    @Override
    public String render(Help help) {
        return Stream.concat(GROUPS.stream(), Stream.of(new Group("Other commands", others(help))))
                .map(group -> "%n%s:%n%s".formatted(group.title(), lines(help, group.commands())))
                .collect(Collectors.joining());
    }

    /** Commands that are in no group. */
    private static List<String> others(Help help) {
        return help.subcommands().keySet().stream()
                .filter(name ->
                        GROUPS.stream().noneMatch(group -> group.commands().contains(name)))
                .toList();
    }

    private static String lines(Help help, List<String> names) {
        return names.stream()
                .flatMap(name -> Optional.ofNullable(help.subcommands().get(name))
                        .map(command -> "  %-12s%s%n".formatted(name, summary(command)))
                        .stream())
                .collect(Collectors.joining());
    }

    private static String summary(Help command) {
        var usage = command.commandSpec().usageMessage();
        return (usage.header().length > 0 ? usage.header() : usage.description())[0].replaceFirst("\\.$", "");
    }
}

package io.sharedinference.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Called by completion scripts: prints the candidates for the last word, or that it is a file name. */
@Command(name = "__complete", hidden = true)
final class CompleteCommand implements Runnable {

    private static final String FILES = ":files";

    @Parameters(paramLabel = "WORD", arity = "0..*")
    private List<String> words = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var all = words.isEmpty() ? List.of("") : words;
        var word = all.get(all.size() - 1);
        var out = spec.commandLine().getOut();
        candidates(all, word).forEach(out::println);
        out.flush();
    }

    private Stream<String> candidates(List<String> all, String word) {
        var rests = new ArrayList<CharSequence>();
        var cursor = String.join(" ", all).length();
        var found = AutoComplete.complete(
                spec.root(), all.toArray(String[]::new), all.size() - 1, word.length(), cursor, rests);
        var whole = rests.stream()
                .map(rest -> word.startsWith("-") && rest.toString().startsWith("-") ? rest.toString() : word + rest)
                .filter(candidate -> word.startsWith("-") || !candidate.startsWith("-"))
                .filter(candidate -> !candidate.startsWith("__"))
                .distinct()
                .sorted()
                .toList();
        boolean file = found < 0 || whole.isEmpty() && !word.startsWith("-") && takesFile(all.get(0));
        return file && all.size() > 1 ? Stream.of(FILES) : whole.stream();
    }

    private boolean takesFile(String command) {
        return Stream.ofNullable(spec.root().subcommands().get(command))
                .flatMap(found -> found.getCommandSpec().positionalParameters().stream())
                .anyMatch(parameter -> parameter.type() == Path.class);
    }
}

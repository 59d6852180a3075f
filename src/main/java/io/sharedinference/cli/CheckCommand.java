package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.project.Problem;
import io.sharedinference.project.StackFiles;
import io.sharedinference.review.StackCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Validate stack files, without a cluster or a backend",
        footer = {"", "Examples:", "  ./tenant check", "  ./tenant check tenant2"})
final class CheckCommand extends ProjectCommand {

    @Parameters(
            paramLabel = "STACK",
            arity = "0..1",
            description = "Stack to check (default: all)",
            completionCandidates = StackNames.class)
    private Optional<String> stack;

    @Override
    public Integer call() {
        StackFiles files = options().files();
        List<String> stacks = stack.map(List::of).orElseGet(files::stacks);
        if (stacks.isEmpty()) {
            throw new CommandException("no stacks found: " + options().project() + " has no Pulumi.NAME.yaml."
                    + "\nFix: pass the project directory with --cwd DIR.");
        }
        stack.ifPresent(options().stackNames()::require);
        Map<String, List<Problem>> found = new LinkedHashMap<>();
        StackCheck check = options().check();
        stacks.forEach(name -> found.put(name, check.problems(name)));
        if (options().json()) {
            printJson(found);
        } else {
            found.forEach(this::print);
            out().flush();
        }
        return found.values().stream().flatMap(List::stream).allMatch(Problem::unknown)
                ? ExitCode.SUCCESS
                : ExitCode.CHECK_FAILED;
    }

    private void print(String stack, List<Problem> problems) {
        var out = out();
        long wrong = problems.stream().filter(problem -> !problem.unknown()).count();
        out.println(stack + ": " + (wrong > 0 ? "problems: " + wrong : "valid")
                + (wrong < problems.size() ? ", unknown: " + (problems.size() - wrong) : ""));
        problems.forEach(problem -> out.println("\n" + problem + "\n"));
    }

    private void printJson(Map<String, List<Problem>> found) {
        var json = new ObjectMapper().createObjectNode();
        found.forEach((stack, problems) -> {
            var array = json.putArray(stack);
            problems.forEach(problem -> {
                var object = array.addObject().put("subject", problem.subject());
                problem.value().ifPresent(value -> object.put("value", value));
                object.put("rule", problem.rule()).put("remedy", problem.remedy());
            });
        });
        print(json);
    }
}

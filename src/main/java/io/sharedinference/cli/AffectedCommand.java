package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.review.AffectedStacks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "affected",
        description = "List the stacks that a change affects, shared stacks first",
        footer = {
            "",
            "With --json one line: {\"all\": [...], \"shared\": [...], \"tenants\": [...], \"removed\": [...]}.",
            "",
            "Examples:",
            "  ./tenant affected --base origin/main",
            "  ./tenant affected --base origin/main --json"
        })
final class AffectedCommand extends ProjectCommand {

    @Option(names = "--base", paramLabel = "REF", required = true, description = "Git revision to compare with")
    private String base;

    @Override
    public Integer call() {
        AffectedStacks affected = new GitChanges(options(), base).affected();
        var out = out();
        if (options().json()) {
            out.println(json(affected));
        } else {
            affected.all().forEach(out::println);
        }
        out.flush();
        return ExitCode.SUCCESS;
    }

    private static String json(AffectedStacks affected) {
        ObjectMapper mapper = new ObjectMapper();
        return mapper.createObjectNode()
                .<ObjectNode>set("all", mapper.valueToTree(affected.all()))
                .<ObjectNode>set("shared", mapper.valueToTree(affected.shared()))
                .<ObjectNode>set("tenants", mapper.valueToTree(affected.tenants()))
                .set("removed", mapper.valueToTree(affected.removed()))
                .toString();
    }
}

package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.secrets.Redaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

@Command(
        name = "doctor",
        description = "Check tools, backend, clusters, registries and stack files",
        footer = {"", "Examples:", "  ./tenant doctor"})
final class DoctorCommand extends ProjectCommand {

    private static final Redaction REDACTION = Redaction.of(List.of());

    @Override
    public Integer call() {
        var findings = new ArrayList<Finding>();
        new Doctor(options().files(), options().checkout(), LocalTools.find(), options()::engine)
                .findings()
                .forEach(finding -> {
                    findings.add(finding);
                    print(finding);
                });
        if (options().json()) {
            printJson(findings);
        }
        return Doctor.healthy(findings) ? ExitCode.SUCCESS : ExitCode.CHECK_FAILED;
    }

    private void print(Finding finding) {
        if (!options().json()) {
            var out = out();
            out.printf("%-8s %s%n", level(finding), REDACTION.apply(finding.toString()));
            out.flush();
        }
    }

    private static String level(Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }

    private void printJson(List<Finding> findings) {
        var json = new ObjectMapper().createObjectNode().put("healthy", Doctor.healthy(findings));
        var array = json.putArray("findings");
        findings.forEach(finding -> {
            var object = array.addObject()
                    .put("level", level(finding))
                    .put("subject", finding.subject())
                    .put("detail", REDACTION.apply(finding.detail()));
            finding.fix().ifPresent(fix -> object.put("fix", fix));
        });
        print(json);
    }
}

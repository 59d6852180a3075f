package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./tenant completion} prints, sourced by a real bash that is then asked as it asks itself on a tab. */
class CompletionTest {

    @TempDir
    private Path folder;

    @Test
    void completesASubcommand() throws Exception {
        assertEquals("rotate", completed("tenant", "rot"));
    }

    @Test
    void completesASubcommandsOption() throws Exception {
        assertEquals("--cacert", completed("tenant", "list", "--cac"));
    }

    @Test
    void offersNothingForWhatIsNoSubcommand() throws Exception {
        assertEquals("", completed("tenant", "nosuch"));
    }

    private String completed(String... words) throws Exception {
        var script = Files.writeString(folder.resolve("completion"), completion());
        var asked = """
                compopt() { :; } # works on a tab alone
                source "$1"
                COMP_WORDS=("${@:2}")
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                COMP_LINE="${COMP_WORDS[*]}"
                COMP_POINT=${#COMP_LINE}
                read -r function _ < <(complete -p tenant | sed 's/.*-F //')
                "$function"
                echo "${COMPREPLY[*]}"
                """;
        var command = new ArrayList<>(List.of("bash", "-c", asked, "bash", script.toString()));
        command.addAll(List.of(words));
        var bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        var answer = new String(bash.getInputStream().readAllBytes()).strip();
        assertEquals(0, bash.waitFor(), answer);
        return answer;
    }

    private static String completion() {
        var out = new StringWriter();
        var command = Tenant.commandLine().setOut(new PrintWriter(out, true));
        assertEquals(0, command.execute("completion"));
        assertTrue(out.toString().contains("complete"), out.toString());
        return out.toString();
    }
}

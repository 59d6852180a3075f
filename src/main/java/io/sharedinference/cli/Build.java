package io.sharedinference.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What this program was built as. */
final class Build implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        var properties = new Properties();
        try (var file = Build.class.getResourceAsStream("version.properties")) {
            properties.load(file);
        }
        return new String[] {
            "tenant " + properties.getProperty("version"),
            "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
        };
    }
}

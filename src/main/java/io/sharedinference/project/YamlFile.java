package io.sharedinference.project;

import io.sharedinference.yaml.YamlDialect;
import io.sharedinference.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A stack file or the project file, parsed as the engine does. */
final class YamlFile {

    private YamlFile() {}

    /**
     * Content of the file; empty if it is not a map.
     *
     * @throws org.yaml.snakeyaml.error.YAMLException if the engine cannot read it
     */
    static Map<?, ?> read(Path file) throws IOException {
        var document = new YamlReader(YamlDialect.PULUMI).first(Files.readString(file));
        return document.orElse("") instanceof Map<?, ?> map ? map : Map.of();
    }
}

package io.sharedinference.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A file of one YAML document. */
final class YamlFile {

    private YamlFile() {}

    /**
     * What it holds at its top; empty when that is no map.
     *
     * @throws org.yaml.snakeyaml.error.YAMLException if it isn't YAML; the message may quote what it holds
     */
    static Map<?, ?> read(Path file) throws IOException {
        Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        return document instanceof Map<?, ?> map ? map : Map.of();
    }
}

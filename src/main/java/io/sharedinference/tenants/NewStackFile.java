package io.sharedinference.tenants;

import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A stack file to be written.
 *
 * @param like   the stack that the settings are copied from
 * @param config settings by full key
 */
record NewStackFile(String stack, String like, Map<String, Object> config) {

    void write(Project project) {
        project.files().editable(stack).write(yaml());
    }

    String yaml() {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(Map.of("config", config));
    }
}

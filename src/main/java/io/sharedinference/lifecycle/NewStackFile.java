package io.sharedinference.lifecycle;

import io.sharedinference.check.StackCheck;
import io.sharedinference.config.Problems;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A stack's file that is to be.
 *
 * @param like   the stack whose settings it has
 * @param config by full key
 */
record NewStackFile(String stack, String like, Map<String, Object> config) {

    /**
     * Writes the file, whole or not at all.
     *
     * @throws io.sharedinference.config.ConfigException with all that is wrong with it; it isn't there then
     */
    void write(Place place) {
        place.files().editable(stack).write(yaml());
        check(place);
    }

    private void check(Place place) {
        var problems = new Problems();
        new StackCheck(place.files(), place.surroundings())
                .problems(stack).stream()
                        // that is put right next
                        .filter(problem -> !problem.rule().startsWith("is no tenant of the stack"))
                        .forEach(problems::add);
        if (!problems.all().isEmpty()) {
            place.files().delete(stack);
            problems.throwIfAny(stack);
        }
    }

    private String yaml() {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(Map.of("config", config));
    }
}

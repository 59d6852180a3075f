package io.sharedinference.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Two lists of models, compared by name: their order means nothing. */
final class Models {

    private Models() {}

    /** A line per model that only one list has or that the two describe differently. */
    static List<String> differences(JsonNode tenant, JsonNode shared) {
        Map<String, JsonNode> ours = byName(tenant);
        Map<String, JsonNode> theirs = byName(shared);
        List<String> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(ours.keySet());
        names.addAll(theirs.keySet());
        for (String name : names) {
            if (!theirs.containsKey(name)) {
                differences.add(name + " is only at the tenant");
            } else if (!ours.containsKey(name)) {
                differences.add(name + " is missing at the tenant");
            } else if (!ours.get(name).equals(theirs.get(name))) {
                differences.add(name + " differs in " + String.join(", ", fields(ours.get(name), theirs.get(name))));
            }
        }
        return differences;
    }

    private static Map<String, JsonNode> byName(JsonNode models) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        for (JsonNode model : models) {
            String name = model.path("name").isTextual() ? model.path("name").asText() : "a model without a name";
            while (byName.containsKey(name)) {
                name += " (again)";
            }
            byName.put(name, model);
        }
        return byName;
    }

    private static TreeSet<String> fields(JsonNode ours, JsonNode theirs) {
        TreeSet<String> names = new TreeSet<>();
        ours.fieldNames().forEachRemaining(names::add);
        theirs.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> ours.path(name).equals(theirs.path(name)));
        return names;
    }
}

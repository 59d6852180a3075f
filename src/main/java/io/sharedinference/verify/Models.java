package io.sharedinference.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares two lists of models by name, ignoring their order. */
final class Models {

    private Models() {}

    /** One line per model that is missing in one list or differs. */
    static List<String> differences(JsonNode tenant, JsonNode shared) {
        Map<String, JsonNode> tenantModels = byName(tenant);
        Map<String, JsonNode> sharedModels = byName(shared);
        List<String> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(tenantModels.keySet());
        names.addAll(sharedModels.keySet());
        for (String name : names) {
            if (!sharedModels.containsKey(name)) {
                differences.add(name + " exists only at the tenant");
            } else if (!tenantModels.containsKey(name)) {
                differences.add(name + " is missing at the tenant");
            } else if (!tenantModels.get(name).equals(sharedModels.get(name))) {
                differences.add(name + " differs in "
                        + String.join(", ", differingFields(tenantModels.get(name), sharedModels.get(name))));
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

    private static Set<String> differingFields(JsonNode one, JsonNode other) {
        Set<String> names = new TreeSet<>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> one.path(name).equals(other.path(name)));
        return names;
    }
}

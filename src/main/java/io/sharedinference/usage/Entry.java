package io.sharedinference.usage;

import java.util.List;
import java.util.Map;

/**
 * Usage of one model by one tenant, or by one of its users.
 *
 * @param names  of the tenant, the model and, where counted, the user
 * @param slices amounts in each slice of the period
 */
public record Entry(Map<Dimension, String> names, List<Amount> slices) {

    public Entry {
        names = Map.copyOf(names);
        slices = List.copyOf(slices);
    }

    public String name(Dimension dimension) {
        return names.getOrDefault(dimension, "");
    }

    public Amount total() {
        return slices.stream().reduce(Amount.ZERO, Amount::plus);
    }
}

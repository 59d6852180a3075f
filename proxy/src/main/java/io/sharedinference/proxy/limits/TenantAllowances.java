package io.sharedinference.proxy.limits;

import io.sharedinference.proxy.limits.Limit.Scope;
import java.util.Map;
import java.util.stream.Collectors;

/** The allowances of all users together: for all models, and for each model with limits. */
record TenantAllowances(LimitSettings settings, Allowance overall, Map<String, Allowance> models) {
    TenantAllowances(LimitSettings settings, long now) {
        this(
                settings,
                new Allowance(Scope.TENANT, settings.overall().tenant(), now),
                settings.models().entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey,
                                model -> new Allowance(
                                        Scope.MODEL, model.getValue().tenant(), now))));
    }
}

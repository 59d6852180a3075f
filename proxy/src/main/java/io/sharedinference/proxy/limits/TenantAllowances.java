package io.sharedinference.proxy.limits;

import io.sharedinference.proxy.limits.Limit.Scope;
import java.util.Map;
import java.util.stream.Collectors;

/** What all users together may use: of all models, and of each that has limits. */
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

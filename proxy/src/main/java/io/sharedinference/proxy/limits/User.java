package io.sharedinference.proxy.limits;

import io.sharedinference.proxy.limits.Limit.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One user's allowances. Guarded by the lock of {@link RequestLimits}. */
final class User {
    private final TenantAllowances tenant;
    private final List<Allowance> overall;
    private final Map<String, List<Allowance>> models = new HashMap<>();
    private int tickets;

    User(TenantAllowances tenant, long now) {
        this.tenant = tenant;
        this.overall =
                List.of(new Allowance(Scope.USER, tenant.settings().overall().user(), now), tenant.overall());
    }

    /** All allowances that apply to a request to a model: the user's before the tenant's. */
    List<Allowance> allowances(Optional<String> model, long now) {
        return model.filter(tenant.models()::containsKey)
                .map(limited -> models.computeIfAbsent(limited, first -> withModel(first, now)))
                .orElse(overall);
    }

    private List<Allowance> withModel(String model, long now) {
        Quotas quotas = Objects.requireNonNull(tenant.settings().models().get(model));
        Allowance all = Objects.requireNonNull(tenant.models().get(model));
        return List.of(overall.get(0), new Allowance(Scope.MODEL_USER, quotas.user(), now), overall.get(1), all);
    }

    void entered() {
        tickets++;
    }

    void left() {
        tickets--;
    }

    /** Whether it has requests, in flight or waiting. */
    boolean active() {
        return tickets > 0;
    }
}

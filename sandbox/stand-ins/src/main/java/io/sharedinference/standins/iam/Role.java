package io.sharedinference.standins.iam;

import java.util.List;

/** A service user's role and the permissions that it grants. */
enum Role {
    InferenceServiceUser(Permission.Plain.ExecuteJobs, new Permission.AccessModel(Permission.AccessModel.ALL));

    private final List<Permission> permissions;

    Role(Permission... permissions) {
        this.permissions = List.of(permissions);
    }

    List<Permission> permissions() {
        return permissions;
    }
}

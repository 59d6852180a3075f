@NullMarked
package io.sharedinference.tenants;

import org.jspecify.annotations.NullMarked;

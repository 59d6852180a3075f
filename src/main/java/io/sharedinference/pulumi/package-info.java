@NullMarked
package io.sharedinference.pulumi;

import org.jspecify.annotations.NullMarked;

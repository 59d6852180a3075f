@NullMarked
package io.sharedinference.kubernetes;

import org.jspecify.annotations.NullMarked;

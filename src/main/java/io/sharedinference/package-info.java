@NullMarked
package io.sharedinference;

import org.jspecify.annotations.NullMarked;

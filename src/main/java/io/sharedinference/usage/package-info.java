@NullMarked
package io.sharedinference.usage;

import org.jspecify.annotations.NullMarked;

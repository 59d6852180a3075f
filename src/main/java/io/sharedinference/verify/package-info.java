@NullMarked
package io.sharedinference.verify;

import org.jspecify.annotations.NullMarked;

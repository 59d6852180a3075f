@NullMarked
package io.sharedinference.poll;

import org.jspecify.annotations.NullMarked;

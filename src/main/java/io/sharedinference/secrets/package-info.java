@NullMarked
package io.sharedinference.secrets;

import org.jspecify.annotations.NullMarked;

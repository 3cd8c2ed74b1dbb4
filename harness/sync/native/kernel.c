// SPDX-License-Identifier: MIT
/* The only code that talks to KVM. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/kvm.h>

#include "internal.h"

_Static_assert(KVM_REG_SIZE_SHIFT == SPRSYNC_ID_SIZE_SHIFT,
	       "the size field of an id");
_Static_assert(sizeof(struct sprsync_operation) == 32,
	       "bindings and the wire count on 32 bytes");
_Static_assert(offsetof(struct sprsync_operation, value) == 8 &&
		       offsetof(struct sprsync_operation, direction) == 24 &&
		       offsetof(struct sprsync_operation, error) == 28,
	       "layout of an operation");
_Static_assert(sizeof(struct sprsync_copy) == 24, "layout of a copy");

static int call(const struct sprsync_backend *backend, int fd, uint64_t request,
		void *argument)
{
	int result;

	if (backend != NULL)
		return backend->call(backend->context, fd, request, argument);
	result = ioctl(fd, (unsigned long)request, argument);
	return result < 0 ? -errno : result;
}

int sprsync_check_capabilities(const struct sprsync_backend *backend, int fd,
			       uint32_t *capabilities)
{
	static const struct {
		uintptr_t extension;
		uint32_t capability;
	} asked[] = {
		{ KVM_CAP_ONE_REG, SPRSYNC_CAP_ONE_REG },
		{ KVM_CAP_PPC_HIOR, SPRSYNC_CAP_HIOR },
	};
	uint32_t found = 0;

	*capabilities = 0;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		int result = call(backend, fd, KVM_CHECK_EXTENSION,
				  (void *)asked[i].extension);

		if (result < 0)
			return result;
		if (result > 0)
			found |= asked[i].capability;
	}
	*capabilities = found;
	return 0;
}

static int execute_one(const struct sprsync_backend *backend, int vcpu_fd,
		       struct sprsync_operation *operation)
{
	struct kvm_one_reg reg = {
		.id = operation->id,
		.addr = (uintptr_t)operation->value,
	};
	int result;

	switch (operation->direction) {
	case SPRSYNC_GET:
		memset(operation->value, 0, sizeof(operation->value));
		if (!sprsync_is_size_handled(operation->id))
			return -EOPNOTSUPP;
		result = call(backend, vcpu_fd, KVM_GET_ONE_REG, &reg);
		if (result < 0)
			memset(operation->value, 0, sizeof(operation->value));
		break;
	case SPRSYNC_PUT:
		if (!sprsync_is_size_handled(operation->id))
			return -EOPNOTSUPP;
		result = call(backend, vcpu_fd, KVM_SET_ONE_REG, &reg);
		break;
	default:
		return -EINVAL;
	}
	return result < 0 ? result : 0;
}

int sprsync_execute(const struct sprsync_backend *backend, int vcpu_fd,
		    struct sprsync_operation *operations, size_t count)
{
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		operations[i].error =
			execute_one(backend, vcpu_fd, &operations[i]);
		if (operations[i].error < 0)
			failed++;
	}
	return failed;
}

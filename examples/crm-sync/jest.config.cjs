module.exports = { testMatch: ['**/test/*.jest.cjs'], testEnvironment: 'node' };
